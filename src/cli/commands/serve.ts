import { Command } from 'commander';
import { serve } from '../../gateway/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { interruptible } from '../interrupt.js';
import { watts } from '../numbers.js';
import { packageVersion } from '../version.js';

interface ServeFlags extends GlobalOptions {
  readonly listen?: string;
  readonly functions?: string;
  readonly auth?: boolean;
  readonly account?: boolean;
  readonly record?: string;
  readonly powerCap?: number;
  readonly otlp?: string;
}

async function run(flags: ServeFlags): Promise<void> {
  const { host, settings, json } = createContext(flags, {
    'gateway.listen': flags.listen,
    'gateway.functions': flags.functions,
    'gateway.auth.enabled': flags.auth === false ? false : undefined,
    'gateway.account.enabled': flags.account === false ? false : undefined,
    'gateway.power_cap_watts': flags.powerCap,
    'gateway.otlp_endpoint': flags.otlp,
  });
  await interruptible((signal, hurry) =>
    serve(
      host,
      settings,
      {
        version: packageVersion(),
        record: flags.record,
        onListening: (gateway) => {
          const { url, password } = gateway;
          if (json)
            process.stdout.write(`${JSON.stringify({ url, password_file: password?.file ?? null })}\n`);
          else if (!flags.quiet) {
            process.stderr.write(`wattloop serve: functions at ${url}/function/NAME\n`);
            if (password?.isNew)
              process.stderr.write(
                `/system asks for ${settings.gateway.auth.user} and the password in ${password.file}\n`,
              );
          }
        },
      },
      signal,
      hurry,
    ),
  );
}

const EXAMPLES = `
Examples:
  wattloop serve --functions ./functions
  wattloop serve --functions stack.yml --listen 0.0.0.0:8080
  wattloop serve --functions ./functions --power-cap 120W
  curl http://127.0.0.1:8080/function/hello -d world

It listens on loopback unless told otherwise. /system/* asks for the user "admin" and the password in
.wattloop/gateway/basic-auth-password. Ctrl-C lets running calls end; a second one does not.`;

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve functions, and keep the account of the energy that each of them uses.')
    .option('--functions <dir>', 'folder of functions, or a stack.yml, that is deployed and watched')
    .option('--listen <host:port>', 'address of the gateway (default: 127.0.0.1:8080)')
    .option('--no-auth', 'let everybody who reaches the gateway deploy functions')
    .option('--no-account', 'keep no account of energy')
    .option('--power-cap <watts>', 'let calls wait, or refuse them, when they would exceed this power', watts)
    .option('--otlp <url>', 'send a span of each call to this OpenTelemetry collector (OTLP over HTTP)')
    .option('--record <dir>', 'write a trace directory for "wattloop attribute"')
    .addHelpText('after', EXAMPLES)
    .action(run);
}
