import type { Clock } from '../../base/index.js';
import { LogHistogram, seededRandom } from '../../maths/index.js';
import type { GeneratorFigures, LoadResult } from '../../model/index.js';
import { arrivalWords } from './arrival-words.js';
import type { Call } from './call.js';
import { ClosedLoop } from './closed-loop.js';
import { findingsOf } from './findings.js';
import type { LoadPlan } from './load-plan.js';
import { type LoadProgress, RecentCalls } from './load-progress.js';
import { OpenLoop } from './open-loop.js';
import { OpenSchedule, type Schedule } from './schedule.js';
import { Sender } from './sender.js';
import { latencyCurve, latencyFigures, Tally } from './tally.js';

export interface RunLoadOptions {
  readonly clock: Clock;
  /** CPU seconds of this process so far. */
  readonly cpuSeconds: () => number;
  /** When calls come that a trace settles. */
  readonly replay?: Schedule | undefined;
  /** Ends the load; what was measured until then is the result. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly progressSeconds?: number;
  /** Every call that ended, in seconds after the start. */
  readonly onCall?: ((call: Call, endedAt: number) => void) | undefined;
}

/** Calls functions as the plan says, and measures how that goes. */
export async function runLoad(plan: LoadPlan, options: RunLoadOptions): Promise<LoadResult> {
  return new LoadRun(plan, options).run();
}

class LoadRun {
  readonly #plan: LoadPlan;
  readonly #options: RunLoadOptions;
  readonly #tallies: readonly Tally[];
  readonly #recent = new RecentCalls();
  readonly #sender: Sender;
  readonly #open: OpenLoop;
  readonly #closed: ClosedLoop;
  readonly #startedAt: number;
  readonly #until: number;
  readonly #cpuBefore: number;
  readonly #lateness = new LogHistogram();
  #heldBack = 0;
  #allSent = 0;
  #lastEnd = 0;
  #drained: () => void = () => {};

  constructor(plan: LoadPlan, options: RunLoadOptions) {
    const { targets, warmUpSeconds, durationSeconds, seed, maxInFlight } = plan;
    const { clock } = options;
    this.#plan = plan;
    this.#options = options;
    this.#tallies = targets.map(() => new Tally());
    this.#until = warmUpSeconds + durationSeconds;
    this.#cpuBefore = options.cpuSeconds();
    this.#startedAt = clock.wall();
    this.#sender = new Sender(clock, clock.now(), targets, this.#ended);
    const schedule = options.replay ?? new OpenSchedule(targets, seededRandom(seed), this.#until);
    const patienceSeconds = (target: number): number => targets[target]?.timeoutSeconds ?? 0;
    this.#open = new OpenLoop(schedule, this.#sender, {
      maxInFlight,
      patienceSeconds,
      onSent: (target, dueAt, sentAt, isHeld) => {
        this.#sent(target, dueAt);
        this.#late(dueAt, sentAt - dueAt, isHeld);
      },
      onUnsent: (target, dueAt, now) => this.#unsent(target, dueAt, now),
    });
    this.#closed = new ClosedLoop(this.#sender, targets, this.#until, (target, at) => this.#sent(target, at));
  }

  async run(): Promise<LoadResult> {
    const { signal, onProgress, progressSeconds = 0.25 } = this.#options;
    const timer = onProgress && setInterval(() => onProgress(this.#progress()), progressSeconds * 1e3);
    const stopped = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      this.#closed.start();
      this.#open.start();
      await Promise.race([this.#finished(), stopped]);
    } finally {
      clearInterval(timer);
      this.#open.stop();
      this.#closed.stop();
    }
    const isInterrupted =
      (signal?.aborted ?? false) && (this.#sender.inFlight > 0 || this.#now < this.#until);
    const result = this.#result(isInterrupted);
    await Promise.all([this.#sender.close(), this.#open.close()]);
    return result;
  }

  /** When all that was to be sent was, and is answered. */
  async #finished(): Promise<void> {
    await this.#open.done;
    const left = this.#until - this.#now;
    if (left > 0) await this.#options.clock.sleep(left, this.#options.signal);
    if (this.#sender.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  get #now(): number {
    return this.#sender.now();
  }

  #isMeasured(at: number): boolean {
    return at >= this.#plan.warmUpSeconds;
  }

  #sent(target: number, dueAt: number): void {
    this.#allSent++;
    if (this.#isMeasured(dueAt)) this.#tallies[target]?.sent(this.#plan.targets[target]?.body?.length ?? 0);
  }

  #late(dueAt: number, seconds: number, isHeld: boolean): void {
    if (!this.#isMeasured(dueAt)) return;
    this.#lateness.record(seconds);
    if (isHeld) this.#heldBack++;
  }

  #unsent(target: number, dueAt: number, now: number): void {
    this.#recent.ended(false, 0);
    if (this.#isMeasured(dueAt)) this.#tallies[target]?.unsent(now - dueAt);
  }

  readonly #ended = (call: Call, at: number): void => {
    const { target, dueAt } = call;
    const isDone = call.failure === undefined && call.status < 400;
    this.#recent.ended(isDone, at - dueAt);
    if (this.#isMeasured(dueAt)) {
      this.#tallies[target]?.ended(call, at);
      this.#lastEnd = at;
    }
    this.#options.onCall?.(call, at);
    this.#open.called(at);
    this.#closed.called(target, call.failure !== 'connection');
    if (this.#sender.inFlight === 0) this.#drained();
  };

  #progress(): LoadProgress {
    const now = this.#now;
    return {
      part: Math.min(1, now / this.#until),
      elapsedSeconds: now,
      isWarmingUp: !this.#isMeasured(now),
      inFlight: this.#sender.inFlight,
      ...this.#recent.look(now),
    };
  }

  #result(interrupted: boolean): LoadResult {
    const { targets, warmUpSeconds, seed } = this.#plan;
    for (const target of this.#sender.underWay())
      if (this.#isMeasured(target.dueAt)) this.#tallies[target.target]?.unfinished();
    const end = interrupted ? this.#now : Math.max(this.#until, this.#lastEnd);
    const seconds = Math.max(0, end - warmUpSeconds);
    const total = new Tally();
    for (const tally of this.#tallies) total.add(tally);
    const figures = {
      startedAt: this.#startedAt,
      measuredFrom: this.#startedAt + warmUpSeconds,
      endedAt: this.#startedAt + end,
      warmUpSeconds,
      seconds,
      seed,
      interrupted,
      total: total.figures(seconds),
      functions: targets.map((target, index) => ({
        name: target.name,
        url: target.url.href,
        arrival: arrivalWords(target.pattern),
        ...(this.#tallies[index] ?? new Tally()).figures(seconds),
      })),
      curve: latencyCurve(total.latency, total.service),
      generator: this.#generator(),
    };
    return { ...figures, findings: findingsOf(figures) };
  }

  #generator(): GeneratorFigures {
    const cpuSeconds = this.#options.cpuSeconds() - this.#cpuBefore;
    return {
      lateness: latencyFigures(this.#lateness),
      heldBack: this.#heldBack,
      cpuSeconds,
      cpuSecondsPerCall: this.#allSent === 0 ? undefined : cpuSeconds / this.#allSent,
      connections: this.#sender.connections,
    };
  }
}
