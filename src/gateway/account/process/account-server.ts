import { createHost, type Host, type LogFields, type Logger } from '../../../base/index.js';
import type { FunctionPower } from '../account.js';
import type { LocalAccount } from '../local-account.js';
import { openAccount } from '../open-account.js';
import { readEvents } from './call-codec.js';
import { plainError } from './plain-error.js';
import type { FromAccount, Questions, SetUp, ToAccount } from './protocol.js';

type Send = (message: FromAccount) => void;

function channelLog(send: Send): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      send({ kind: 'log', level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The account at the far end of the channel: does what the gateway says, and tells what it asked for. */
export class AccountServer {
  readonly #account: LocalAccount;
  readonly #send: Send;
  readonly #questions: Questions;
  #functions: readonly FunctionPower[] | undefined;
  #functionPage: string | undefined;
  #ends: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  private constructor(account: LocalAccount, send: Send) {
    this.#account = account;
    this.#send = send;
    this.#questions = {
      footprints: (query) => account.footprints(query),
      calls: (query) => account.calls(query),
      trace: (range) => account.trace(range),
      record: async (directory) => void (await account.recordTrace(directory)),
      stopRecording: async (directory) => void account.stopRecording(directory),
    };
    account.onTick(() => this.#tellTick());
  }

  static async open(setUp: SetUp, send: Send): Promise<AccountServer> {
    const { settings, sysfs, procfs, version, gatewayPid, replicas, running, counters, lost } = setUp;
    const host: Host = createHost({ sysfs, procfs, log: channelLog(send) });
    const account = await openAccount(host, settings, { gatewayPid, version, counters });
    for (const replica of replicas) account.replicaStarted(replica, false);
    account.resume(running);
    account.lost(lost);
    return new AccountServer(account, send);
  }

  take(message: ToAccount): void {
    const account = this.#account;
    switch (message.kind) {
      case 'feed':
        readEvents(message.numbers, message.shared, message.own, account);
        break;
      case 'resume':
        account.resume(message.running);
        account.lost(message.lost);
        break;
      case 'replica-started':
        account.replicaStarted(message.replica);
        break;
      case 'replica-ended':
        account.replicaEnded(message.id, message.cpuSeconds);
        break;
      case 'ask':
        void this.#answer(message.id, message.question, message.query);
        break;
      case 'subscribe':
        this.#subscribe(message.updates, message.calls);
        break;
      case 'set-up':
      case 'close':
        break;
    }
  }

  /** Settles and writes what there is. */
  close(): Promise<void> {
    this.#closing ??= this.#account.close();
    return this.#closing;
  }

  #tellTick(): void {
    const account = this.#account;
    const { tick } = account;
    if (tick === undefined) return;
    const { functions, ...rest } = tick;
    const { machine, functions: functionPage, counters } = account.pages;
    this.#send({
      kind: 'tick',
      tick: rest,
      functions: functions === this.#functions ? undefined : functions,
      machinePage: machine,
      functionPage: functionPage === this.#functionPage ? undefined : functionPage,
      counters,
      ailment: account.ailment(),
    });
    this.#functions = functions;
    this.#functionPage = functionPage;
  }

  async #answer(id: number, question: keyof Questions, query: unknown): Promise<void> {
    try {
      // What is asked comes from our own client, which has its types.
      const ask = this.#questions[question] as (query: unknown) => Promise<unknown>;
      this.#send({ kind: 'answer', id, value: await ask(query) });
    } catch (error) {
      this.#send({ kind: 'refusal', id, error: plainError(error) });
    }
  }

  #subscribe(updates: boolean, calls: boolean): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    if (updates) this.#ends.push(this.#account.onUpdate((window) => this.#send({ kind: 'update', window })));
    if (calls) this.#ends.push(this.#account.onCalls((list) => this.#send({ kind: 'calls', calls: list })));
  }
}
