import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const PROGRAM = '/usr/bin/prometheus';
export const noPrometheus: string | undefined = existsSync(PROGRAM) ? undefined : `no ${PROGRAM}`;

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

const exemplarAnswer = z.object({
  status: z.literal('success'),
  data: z.array(z.object({ exemplars: z.array(z.object({ labels: z.object({ trace_id: z.string() }) })) })),
});

/** One series of an answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Debian's Prometheus on a loopback port, scraping one target, with data of its own. */
export class Prometheus {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wattloop-prometheus-'));
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(port: number, target: string) {
    const config = join(this.#folder, 'prometheus.yml');
    writeFileSync(
      config,
      `global: { scrape_interval: 200ms, scrape_timeout: 200ms }
scrape_configs:
  - job_name: wattloop
    static_configs: [{ targets: ['${target}'] }]
`,
    );
    this.#url = `http://127.0.0.1:${port}`;
    this.#process = spawn(
      PROGRAM,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(this.#folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  }

  static async start(target: string): Promise<Prometheus> {
    const prometheus = new Prometheus(await freePort(), target);
    await prometheus.#ready();
    return prometheus;
  }

  async query(promql: string): Promise<Series[]> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(promql)}`);
    const { data } = answer.parse(await response.json());
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** The value of a query that has one. */
  async value(promql: string): Promise<number | undefined> {
    const [first] = await this.query(promql);
    return first?.value;
  }

  /** The traces of a query's exemplars. */
  async traces(promql: string): Promise<string[]> {
    const range = `start=${Date.now() / 1e3 - 600}&end=${Date.now() / 1e3 + 1}`;
    const query = `query=${encodeURIComponent(promql)}&${range}`;
    const response = await fetch(`${this.#url}/api/v1/query_exemplars?${query}`);
    const { data } = exemplarAnswer.parse(await response.json());
    return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ready(): Promise<void> {
    const lines: string[] = [];
    const { stderr } = this.#process;
    return new Promise((resolve, reject) => {
      this.#process.once('exit', () => reject(new Error(`prometheus ended: ${lines.join('\n')}`)));
      if (stderr === null) return;
      createInterface({ input: stderr }).on('line', (line) => {
        lines.push(line);
        if (line.includes('Server is ready')) resolve();
      });
    });
  }
}
