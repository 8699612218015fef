// Stands for OpenFaaS' gateway: hands calls of functions to their containers, and counts them as it does. Its one argument is
// a JSON object of functions' addresses. Prints its own address when it listens.
import { createServer } from 'node:http';

/** @type {Record<string, string>} */
const functions = JSON.parse(process.argv[2] ?? '{}');
/** @type {Map<string, number>} */
const counts = new Map();
/** @type {Map<string, number>} */
const seconds = new Map();

/** @param {Map<string, number>} sums @param {string} key @param {number} amount */
const add = (sums, key, amount) => sums.set(key, (sums.get(key) ?? 0) + amount);

/** @param {string} name */
async function call(name) {
  const from = performance.now();
  const answer = await fetch(functions[name] ?? '').catch(() => undefined);
  const text = await answer?.text();
  const status = answer?.status ?? 502;
  add(counts, `function_name="${name}.openfaas-fn",code="${status}"`, 1);
  add(seconds, `function_name="${name}.openfaas-fn"`, (performance.now() - from) / 1e3);
  return { status, text };
}

function page() {
  const lines = ['# TYPE gateway_function_invocation_total counter'];
  for (const [labels, count] of counts) lines.push(`gateway_function_invocation_total{${labels}} ${count}`);
  lines.push('# TYPE gateway_functions_seconds histogram');
  for (const [labels, sum] of seconds) lines.push(`gateway_functions_seconds_sum{${labels}} ${sum}`);
  return `${lines.join('\n')}\n`;
}

const server = createServer(async (request, response) => {
  if (request.url === '/metrics') {
    response.end(page());
    return;
  }
  const { status, text } = await call(request.url?.replace('/function/', '') ?? '');
  response.writeHead(status).end(text);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});
