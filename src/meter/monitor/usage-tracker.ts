import { type Host, messageOf } from '../../base/index.js';
import type { Principal } from '../../model/index.js';
import type { UsageSource } from '../source.js';
import { UsageDeltas } from './deltas.js';
import type { Observer, PrincipalUsage } from './observer.js';

export const WATTLOOP: Principal = { key: 'wattloop', kind: 'wattloop', name: 'wattloop', labels: {} };

/** What each principal used since the last look. Wattloop itself is one of them, and nobody else's part. */
export class UsageTracker {
  readonly source: UsageSource | undefined;
  readonly #host: Host;
  readonly #observer: Observer;
  readonly #selfCpuSeconds: () => number;
  readonly #deltas = new UsageDeltas();
  /** The id of the usage that contains this process. */
  readonly #own: string | undefined;
  readonly #selfStart: number;
  #self = 0;
  /** What the others of that usage were told to have used: never falls, though the two are not read at one moment. */
  #besidesSelf = 0;
  #failure: string | undefined;

  constructor(host: Host, sources: readonly UsageSource[], observer: Observer, selfCpuSeconds: () => number) {
    this.#host = host;
    this.#observer = observer;
    this.#selfCpuSeconds = selfCpuSeconds;
    this.#selfStart = selfCpuSeconds();
    this.source = observer.choose(sources);
    this.#own = this.source && observer.own(this.source);
  }

  /** The first look sets the start: nobody has used anything yet. */
  look(take: (principal: Principal, cpuSeconds: number) => void): void {
    const usages = this.#usages();
    // Read after the group that contains it: the other way round its latest moments would count for the group too.
    const self = Math.max(this.#self, this.#selfCpuSeconds() - this.#selfStart);
    take(WATTLOOP, self - this.#self);
    this.#self = self;
    const cumulative = usages.map(({ id, cpuSeconds }) => [id, this.#withoutSelf(id, cpuSeconds)] as const);
    const used = this.#deltas.advance(cumulative);
    for (const { id, principal } of usages) {
      take(principal, used.get(id) ?? 0);
      // Several figures of one id are one: it counts once.
      used.delete(id);
    }
  }

  #withoutSelf(id: string, cpuSeconds: number): number {
    if (id !== this.#own) return cpuSeconds;
    this.#besidesSelf = Math.max(this.#besidesSelf, cpuSeconds - this.#self);
    return this.#besidesSelf;
  }

  #usages(): PrincipalUsage[] {
    if (this.source === undefined) return [];
    try {
      const usages = this.#observer.observe(this.source);
      this.#failure = undefined;
      return usages;
    } catch (error) {
      // What they use meanwhile is nobody's for now; when the source is back it is theirs.
      const message = messageOf(error);
      if (message !== this.#failure)
        this.#host.log.warn('CPU time by principal can not be read', { error: message });
      this.#failure = message;
      return [];
    }
  }
}
