// @discordjs/ws as a client of the gateway: node discordjs.cjs URL TOKEN COMPRESSION, where COMPRESSION is none or zlib-stream.
// Prints a line for whatever happens, until its standard input ends.
const { CompressionMethod, WebSocketManager, WebSocketShardEvents } = require('@discordjs/ws');

const [url, token, compression] = process.argv.slice(2);
const manager = new WebSocketManager({
  token,
  intents: 0,
  compression: compression === 'zlib-stream' ? CompressionMethod.ZlibNative : null,
  // In place of GET /gateway/bot.
  rest: {
    get: async () => ({
      url,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
    }),
  },
});

manager.on(WebSocketShardEvents.Ready, (ready) => console.log(`READY ${ready.session_id}`));
manager.on(WebSocketShardEvents.Resumed, () => console.log('RESUMED'));
manager.on(WebSocketShardEvents.Dispatch, (message) => {
  if (message.t === 'MESSAGE_CREATE') console.log(`EVENT ${message.d.n}`);
});
manager.on(WebSocketShardEvents.Debug, (message) => console.error(message));
manager.on(WebSocketShardEvents.Error, (error) => console.log(`ERROR ${error}`));
process.stdin.on('end', () => process.exit(0)).resume();
manager.connect().catch((error) => {
  console.log(`ERROR ${error}`);
  process.exit(1);
});
