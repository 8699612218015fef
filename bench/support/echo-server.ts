// An HTTP server that answers with what it is sent, on the port that PORT names; GET /port tells it.
import { createServer } from 'node:http';

const port = Number(process.env.PORT);
createServer((request, response) => {
  if (request.url === '/port') {
    response.end(String(port));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length });
    response.end(body);
  });
}).listen(port, '127.0.0.1');
