// A client of the gateway on ws and Node's zlib: node compression.cjs URL WAY EVENTS, where WAY is zlib-stream or permessage-deflate.
// Prints the d of each event it gets, and ends with status 1 if something is not as agreed.
const zlib = require('node:zlib');
const WebSocket = require('ws');

const [url, way, events] = process.argv.slice(2);
const socket = new WebSocket(way === 'zlib-stream' ? `${url}?v=10&compress=zlib-stream` : `${url}?v=10`, {
  perMessageDeflate: way === 'zlib-stream' ? false : { threshold: 0 },
});
const inflate = zlib.createInflate();
const texts = [];
let queue = Promise.resolve();
let received = 0;
let last = 0;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function inflated(data) {
  if (data.readUInt32BE(data.length - 4) !== 0xffff) fail('no flush at the end');
  return new Promise((resolve) => {
    const parts = [];
    const collect = (part) => parts.push(part);
    inflate.on('data', collect);
    inflate.write(data);
    inflate.flush(zlib.constants.Z_SYNC_FLUSH, () => {
      inflate.off('data', collect);
      resolve(Buffer.concat(parts));
    });
  });
}

function take(text) {
  const message = JSON.parse(text);
  if (message.op === 10) {
    socket.send(JSON.stringify({ op: 2, d: { token: 'user:node', intents: 0, properties: {}, filler: 'x'.repeat(2000) } }));
    return;
  }
  if (message.op === 11) return;
  if (message.s !== ++last) fail(`s is ${message.s} and not ${last}`);
  socket.send(JSON.stringify({ op: 1, d: message.s }));
  if (message.t === 'READY') {
    console.log(`READY ${socket.extensions}`);
    return;
  }
  console.log(JSON.stringify(message.d));
  if (++received === Number(events)) socket.close(1000);
}

inflate.on('error', (error) => fail(error));
socket.on('error', (error) => fail(error));
socket.on('close', (code) => {
  process.exitCode = code === 1000 && received === Number(events) ? 0 : 1; // what was printed has to leave first
});
socket.on('message', (data, isBinary) => {
  if (isBinary !== (way === 'zlib-stream')) fail(`binary is ${isBinary}`);
  queue = queue.then(async () => take(way === 'zlib-stream' ? await inflated(data) : data)).catch(fail);
});
