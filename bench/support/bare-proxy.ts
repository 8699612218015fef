// A reverse proxy of node:http and nothing else: TO is the port that it passes on to, PORT its own.
import { Agent, createServer, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
createServer((incoming, outgoing) => {
  const { method, url: path, headers } = incoming;
  const passed = request({ host: '127.0.0.1', port: Number(process.env.TO), method, path, headers, agent });
  passed.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  incoming.pipe(passed);
}).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
