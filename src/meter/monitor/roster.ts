import type { Principal } from '../../model/index.js';

export interface RosterOptions {
  /** Principals that are listed at most, those that are gone included. */
  readonly limit: number;
  /** How long a principal that is gone for good is still listed, so that a scraper sees its last figure. */
  readonly rememberSeconds: number;
  /** A principal is not listed any more. */
  readonly onForget: (key: string) => void;
}

/** One principal that is listed. */
export interface Member {
  principal: Principal;
  /** Seconds since 1970 at which its figures began. */
  readonly since: number;
  seenAt: number;
  cpuSeconds: number;
  /** CPU seconds used in this tick, and since the account was last brought up to date. */
  used: number;
  pending: number;
}

/** Stands for all that find no place in the list. */
const OTHERS: Principal = { key: 'others', kind: 'system', name: 'others', labels: {} };

/** Their keys are never used again. The others are known by name: they come back, and their figures go on. */
const GONE_FOR_GOOD: readonly Principal['kind'][] = ['process', 'container', 'pod'];

/** Who uses the machine: everyone that is there, and for a while those that were. Never longer than its limit. */
export class Roster {
  readonly #options: RosterOptions;
  readonly #members = new Map<string, Member>();
  /** The times of this tick and of the one before. */
  #at = Number.NEGATIVE_INFINITY;
  #before = Number.NEGATIVE_INFINITY;
  #wall = 0;
  #isSearched = false;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  isThere(member: Member): boolean {
    return member.seenAt === this.#at;
  }

  begin(at: number, wall: number): void {
    this.#before = this.#at;
    this.#at = at;
    this.#wall = wall;
    this.#isSearched = false;
    for (const [key, member] of this.#members) {
      member.used = 0;
      const { kind } = member.principal;
      const isGone = GONE_FOR_GOOD.includes(kind) && at - member.seenAt > this.#options.rememberSeconds;
      if (isGone) this.#forget(key);
    }
  }

  /** Notes that a principal is there, and what it used. */
  add(principal: Principal, cpuSeconds: number): void {
    const member = this.#members.get(principal.key) ?? this.#enter(principal);
    if (member.principal.key === principal.key) member.principal = principal;
    member.seenAt = this.#at;
    member.used += cpuSeconds;
    member.pending += cpuSeconds;
    member.cpuSeconds += cpuSeconds;
  }

  /** What everyone used is accounted for. */
  settle(): void {
    for (const member of this.#members.values()) member.pending = 0;
  }

  #enter(principal: Principal): Member {
    if (this.#members.size >= this.#options.limit) this.#makeRoom();
    const known = this.#members.get(OTHERS.key);
    const isFull = this.#members.size >= this.#options.limit;
    if (isFull && known) return known;
    const listed = isFull ? OTHERS : principal;
    const member = {
      principal: listed,
      since: this.#wall,
      seenAt: this.#at,
      cpuSeconds: 0,
      used: 0,
      pending: 0,
    };
    this.#members.set(listed.key, member);
    return member;
  }

  /** Makes room for a tenth of the list at once, by those that are gone, the longest gone first. */
  #makeRoom(): void {
    if (this.#isSearched) return;
    this.#isSearched = true;
    // Whoever was there a tick ago may still be noted in this one.
    const gone = [...this.#members].filter(([, member]) => member.seenAt < this.#before);
    gone.sort(([, a], [, b]) => a.seenAt - b.seenAt);
    const { limit } = this.#options;
    const surplus = this.#members.size - limit;
    for (const [key] of gone.slice(0, surplus + Math.ceil(limit / 10))) this.#forget(key);
  }

  #forget(key: string): void {
    this.#members.delete(key);
    this.#options.onForget(key);
  }
}
