import { z } from 'zod';

const seconds = z.number().positive();
const address = z.string().regex(/^.+:\d{1,5}$/, 'must be HOST:PORT');

const UNSAFE_NETWORKS = [
  '0.0.0.0/32',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  'ff00::/8',
] as const;

/** The gateway: functions served, and the account of what they use. */
export const gatewaySettings = z
  .strictObject({
    listen: address.default('127.0.0.1:8080').describe('Address of the gateway'),
    functions: z
      .string()
      .optional()
      .describe('Folder of functions, or a stack.yml, that is deployed and watched'),
    secrets: z
      .string()
      .optional()
      .describe('Folder of secrets, a file each; <data_dir>/gateway/secrets when not set'),
    auth: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Ask for user and password on /system/*'),
        user: z.string().min(1).default('admin').describe('User of /system/*'),
        password_file: z
          .string()
          .optional()
          .describe('File with the password; made at the first start in <data_dir>/gateway when not set'),
      })
      .prefault({}),
    max_body_mib: z.number().positive().default(256).describe('Largest body of a request'),
    max_header_kib: z.number().positive().default(64).describe('All headers of a request together'),
    max_connections: z.int().positive().default(10_000).describe('Connections at once'),
    header_seconds: seconds.default(10).describe('Seconds in which a caller must have sent its headers'),
    silence_seconds: seconds
      .default(60)
      .describe('Seconds after which a caller is let go that neither sends nor takes'),
    drain_seconds: seconds
      .default(30)
      .describe('Seconds that running calls have to end when the gateway is told to stop'),
    max_replicas: z
      .int()
      .positive()
      .default(256)
      .describe('Replicas of all functions together; beyond it idle ones end for those that are called'),
    max_functions: z.int().positive().default(10_000).describe('Functions that may be deployed at once'),
    defaults: z
      .strictObject({
        min_replicas: z.int().nonnegative().default(0).describe('Replicas that are always kept'),
        max_replicas: z.int().positive().default(4).describe('Replicas at most'),
        idle_seconds: seconds.default(300).describe('Seconds for which a replica without calls is kept warm'),
        concurrency: z
          .int()
          .positive()
          .default(1)
          .describe('Calls that a replica of a handler or command works on at once'),
        http_concurrency: z
          .int()
          .positive()
          .default(100)
          .describe('Calls that a replica of an HTTP server or an image works on at once'),
        queue_limit: z.int().nonnegative().default(1_000).describe('Calls that wait for a replica at most'),
        queue_seconds: seconds.default(30).describe('Seconds that a call waits for a replica at most'),
        timeout_seconds: seconds.default(60).describe('Seconds that a call may take'),
        start_seconds: seconds.default(30).describe('Seconds that a replica may take to become ready'),
      })
      .prefault({}),
    log_limit_mib: z.number().positive().default(16).describe('How much of what one replica prints is kept'),
    async: z
      .strictObject({
        concurrency: z.int().positive().default(64).describe('Asynchronous calls under way at once'),
        max_pending: z
          .int()
          .positive()
          .default(100_000)
          .describe(
            'Asynchronous calls that are kept until they are done; what comes beyond is refused (429)',
          ),
        attempts: z.int().positive().default(5).describe('Attempts of a call whose replica failed it'),
        callback_attempts: z.int().positive().default(5).describe('Attempts to tell a callback address'),
        backoff_seconds: seconds
          .default(1)
          .describe('Seconds before the second attempt; twice that before the third'),
        max_mib: z
          .number()
          .positive()
          .default(4_096)
          .describe('Disk space for bodies of calls that are not done; what comes beyond is refused (429)'),
        callback_refused: z
          .array(z.union([z.cidrv4(), z.cidrv6()]))
          .default([...UNSAFE_NETWORKS])
          .describe(
            'Networks to which no callback goes: link-local ones, and those where clouds tell machines their secrets',
          ),
      })
      .prefault({}),
    account: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Meter the machine and keep the account of functions'),
        interval_seconds: seconds.default(1).describe('Seconds between rows of power and usage'),
        update_seconds: seconds.default(60).describe("Seconds between updates of the functions' power"),
      })
      .prefault({}),
    retention: z
      .strictObject({
        raw_hours: z
          .number()
          .positive()
          .default(1)
          .describe('Hours for which calls and seconds are kept one by one'),
        minutes_days: z.number().positive().default(7).describe('Days for which figures by minute are kept'),
        hours_days: z.number().positive().default(365).describe('Days for which figures by hour are kept'),
        max_mib: z
          .number()
          .positive()
          .default(1_024)
          .describe('Largest size of the kept figures; the oldest calls go first'),
      })
      .prefault({}),
    power_cap_watts: z
      .number()
      .positive()
      .optional()
      .describe('Power that calls together may not be expected to exceed; they wait or are shed by priority'),
    otlp_endpoint: z
      .url()
      .optional()
      .describe('OpenTelemetry collector (OTLP over HTTP) to send a span of each call to'),
  })
  .prefault({});

export type GatewaySettings = z.output<typeof gatewaySettings>;
