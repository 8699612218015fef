import { type Host, readTextIfAny } from '../../base/index.js';
import type { ProcessUsage } from '../../model/index.js';
import { type Amount, add, amountAt, nothing, usageOf } from './amount.js';
import type { CpuBoard, Slice } from './cpu-board.js';
import { Floors } from './floors.js';
import { NANOSECONDS_PER_TICK, PROCESS, PROCESS_KEY } from './layout.js';
import { type EndedProcess, textAt } from './records.js';
import { present, runningAmounts } from './running.js';
import type { Table } from './table.js';
import { Words } from './words.js';

/** Ended processes that wait for a reader; beyond, the oldest give way and are counted. */
const MOST_WAITING = 65_536;
/** As long as nobody has ever read: the node's account by control groups runs for months and never asks. */
const MOST_UNREAD = 4_096;

const ticksOf = (started: bigint): number => Number(started / BigInt(NANOSECONDS_PER_TICK));

export interface ProcessAccountParts {
  readonly host: Host;
  readonly board: CpuBoard;
  readonly table: Table;
  readonly countsCycles: boolean;
  /** Hands over what the kernel has put into its ring. */
  readonly drain: () => void;
}

/** What each process has used, and those that ended since the last reading once more. */
export class ProcessAccount {
  readonly #parts: ProcessAccountParts;
  readonly #key = Buffer.from(new ArrayBuffer(PROCESS_KEY.words * 8));
  readonly #keyWords = Words.of(this.#key);
  /** By start and tgid: a process whose threads end at the same moment may be handed over in two parts. */
  #ended = new Map<string, EndedProcess>();
  #forgotten: Amount = nothing();
  #forgottenProcesses = 0;
  #isRead = false;
  readonly #floors = new Floors<number>();

  constructor(parts: ProcessAccountParts) {
    this.#parts = parts;
  }

  /** Of ended processes that were not asked for in time. No loss while nobody asks for any. */
  get forgotten(): { readonly processes: number; readonly amount: Amount } {
    if (!this.#isRead) return { processes: 0, amount: nothing() };
    return { processes: this.#forgottenProcesses, amount: this.#forgotten };
  }

  end(process: EndedProcess): void {
    const id = `${process.tgid} ${process.started}`;
    const earlier = this.#ended.get(id);
    if (earlier) {
      add(earlier.amount, process.amount);
      return;
    }
    this.#ended.set(id, process);
    if (this.#ended.size <= (this.#isRead ? MOST_WAITING : MOST_UNREAD)) return;
    for (const [oldest, { amount }] of this.#ended) {
      this.#ended.delete(oldest);
      add(this.#forgotten, amount);
      this.#forgottenProcesses++;
      return;
    }
  }

  read(): ProcessUsage[] {
    this.#isRead = true;
    const { board, table, countsCycles } = this.#parts;
    const before = present(board, (slice) => slice.tgid);
    const { count, keys, values, bytes } = table.all();
    const running = runningAmounts(
      board,
      before,
      (slice) => slice.tgid,
      (slice) => this.#lookup(slice),
    );
    // After the table: who ended while it was read is in both, never in neither.
    this.#parts.drain();
    const ended = this.#ended;
    this.#ended = new Map();
    const endedStarts = new Map([...ended.values()].map(({ tgid, started }) => [tgid, started]));

    const usages: ProcessUsage[] = [];
    for (let index = 0; index < count; index++) {
      const tgid = keys.half(index * PROCESS_KEY.words + PROCESS_KEY.tgid, 0);
      const started = keys.big(index * PROCESS_KEY.words + PROCESS_KEY.started);
      if (endedStarts.get(tgid) === started) continue;
      const now = running.get(tgid);
      const isRunning = now?.slice.started === started;
      if (isRunning) running.delete(tgid);
      const base = index * PROCESS.words;
      const amount = isRunning ? now.amount : amountAt(values, base);
      this.#floors.lift(tgid, started, amount, isRunning);
      usages.push({
        process: {
          pid: tgid,
          startTicks: ticksOf(started),
          name: textAt(bytes, (base + PROCESS.comm) * 8, PROCESS.commBytes),
        },
        usage: usageOf(amount, countsCycles),
      });
    }
    // In their first slice: the kernel has not noted them yet.
    for (const [tgid, { slice, amount }] of running) {
      if (endedStarts.get(tgid) === slice.started) continue;
      this.#floors.lift(tgid, slice.started, amount, true);
      const name = readTextIfAny(this.#parts.host.proc(String(tgid), 'comm')) ?? '';
      usages.push({
        process: { pid: tgid, startTicks: ticksOf(slice.started), name },
        usage: usageOf(amount, countsCycles),
      });
    }
    for (const { tgid, started, amount, name } of ended.values()) {
      this.#floors.lift(tgid, started, amount, false);
      usages.push({
        process: { pid: tgid, startTicks: ticksOf(started), name },
        usage: usageOf(amount, countsCycles),
      });
    }
    this.#floors.turn();
    return usages;
  }

  #lookup(slice: Slice): Amount {
    this.#keyWords.set(PROCESS_KEY.started, slice.started);
    this.#keyWords.set(PROCESS_KEY.tgid, BigInt(slice.tgid));
    return this.#parts.table.find(this.#key) ? amountAt(this.#parts.table.found, 0) : nothing();
  }
}
