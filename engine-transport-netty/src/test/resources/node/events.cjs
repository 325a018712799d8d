// A client of the gateway's server-sent events on the library eventsource, which is EventSource as in browsers: node events.cjs URL.
// Prints what comes: the type of each dispatch with its number, and the name of each other event.
const { EventSource } = require('eventsource');

const source = new EventSource(process.argv[2]);
source.onmessage = (event) => {
  const message = JSON.parse(event.data);
  console.log(`${message.t} ${message.s}`);
};
for (const name of ['HELLO', 'INVALID_SESSION', 'RECONNECT', 'CLOSE']) {
  source.addEventListener(name, () => {
    console.log(name);
    if (name === 'CLOSE') source.close();
  });
}
