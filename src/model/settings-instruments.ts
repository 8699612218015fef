import { z } from 'zod';

const seconds = z.number().positive();
const uncertainty = z.number().positive().max(1);

/** Power as the board's management controller gives it, by ipmitool. */
export const ipmiSettings = z
  .strictObject({
    command: z.string().min(1).default('ipmitool').describe('The ipmitool program'),
    interface: z
      .enum(['open', 'lan', 'lanplus'])
      .optional()
      .describe(
        "ipmitool's interface; lanplus when a host is set, else open (this machine's own controller)",
      ),
    host: z
      .string()
      .min(1)
      .optional()
      .describe('Address of the management controller; this machine when not set'),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('UDP port of the management controller (623)'),
    user: z.string().min(1).optional().describe('User at the management controller'),
    password: z
      .string()
      .optional()
      .describe('Password; IPMI_PASSWORD in the environment when not set. Never put on a command line'),
    password_file: z.string().min(1).optional().describe('File that holds the password in its first line'),
    cipher_suite: z.number().int().min(0).max(17).optional().describe('RMCP+ cipher suite (lanplus)'),
    extra_args: z.array(z.string()).default([]).describe('More arguments for ipmitool, as -L or -o'),
    sensors: z
      .array(z.string().min(1))
      .default([])
      .describe('The sensors that together are the whole machine; found by their names when empty'),
    timeout_seconds: seconds.default(10).describe('Longest wait for one answer of ipmitool'),
    interval_seconds: seconds.default(1).describe('Seconds between polls'),
  })
  .prefault({});

/** Power as the board's management controller gives it over HTTPS. */
export const redfishSettings = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/[^/]+/, 'must be https://HOST[:PORT]')
      .optional()
      .describe('Address of the Redfish service: https://HOST[:PORT]'),
    user: z.string().min(1).optional().describe('User at the Redfish service'),
    password: z.string().optional().describe('Password'),
    password_file: z.string().min(1).optional().describe('File that holds the password in its first line'),
    auth: z
      .enum(['session', 'basic'])
      .default('session')
      .describe('Log in once for a token (session), or send user and password each time (basic)'),
    ca_file: z.string().min(1).optional().describe('PEM file of certificates to trust beside the usual ones'),
    insecure: z
      .boolean()
      .default(false)
      .describe('Trust any certificate, and allow http: anyone on the way could pose as the service'),
    chassis: z
      .array(z.string().min(1))
      .default([])
      .describe('Ids of the chassis to read; all that are not part of another when empty'),
    timeout_seconds: seconds.default(10).describe('Longest wait for one answer'),
    interval_seconds: seconds.default(1).describe('Seconds between polls'),
  })
  .prefault({});

const scpiMeter = z.strictObject({
  name: z.string().min(1).describe('Name of the meter in readings'),
  address: z
    .string()
    .regex(/^(tcp:\/\/.+:\d{1,5}|serial:\/.+)$/, 'must be tcp://HOST:PORT or serial:/dev/…')
    .describe('Where the meter is: tcp://HOST:PORT or serial:/dev/ttyUSB0'),
  baud: z
    .number()
    .int()
    .positive()
    .default(9_600)
    .describe('Speed of the serial line (8 data bits, no parity)'),
  init: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Commands sent after connecting; those that choose the power when neither this nor query is set',
    ),
  identify: z
    .boolean()
    .default(true)
    .describe('Whether the meter answers *IDN?; it is also how old answers are told from new ones'),
  query: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Command whose answer holds the power; that of GW Instek GPM and Yokogawa WT meters when not set',
    ),
  value_index: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('Which of the comma-separated values of the answer is the power, counted from 0'),
  scale: z.number().positive().default(1).describe('Watts per unit of the answer (0.001 for milliwatts)'),
  terminator: z.enum(['lf', 'crlf', 'cr']).default('lf').describe('What ends a line'),
  timeout_seconds: seconds.default(2).describe('Longest wait for one answer'),
  interval_seconds: seconds.default(0.5).describe('Seconds between polls'),
  uncertainty: uncertainty
    .default(0.01)
    .describe('Relative standard uncertainty of the meter at the power it measures, from its data sheet'),
});

/** External power meters that speak SCPI. */
export const scpiSettings = z
  .array(scpiMeter)
  .refine((meters) => new Set(meters.map(({ name }) => name)).size === meters.length, 'names must differ')
  .refine(
    (meters) => new Set(meters.map(({ address }) => address)).size === meters.length,
    'addresses must differ: two readers of one meter mix up its answers',
  )
  .default([])
  .describe('External power meters');
