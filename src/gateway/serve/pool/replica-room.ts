/** Who holds replicas and can let one go, or wants one more. */
export interface RoomGuest {
  /** Since when its longest idle replica that it may let go has been idle; undefined when it has none. */
  readonly idleSince: number | undefined;
  letGo(): void;
  /** There may be room now. */
  roomFreed(): void;
}

/** How many replicas the gateway has in all: functions that are called make those of idle ones end. */
export class ReplicaRoom {
  readonly #limit: number;
  readonly #guests = new Set<RoomGuest>();
  readonly #hungry = new Set<RoomGuest>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Those that hold replicas: all that needs to be looked after. */
  get guests(): ReadonlySet<RoomGuest> {
    return this.#guests;
  }

  /** False when there is no room; the guest is told when there may be. */
  take(guest: RoomGuest): boolean {
    if (this.#taken >= this.#limit) {
      this.#hungry.add(guest);
      this.#longestIdle()?.letGo();
      return false;
    }
    this.#taken++;
    this.#guests.add(guest);
    return true;
  }

  giveBack(guest: RoomGuest, isLast: boolean): void {
    this.#taken--;
    if (isLast) this.#guests.delete(guest);
    const [next] = this.#hungry;
    if (next === undefined) return;
    this.#hungry.delete(next);
    next.roomFreed();
  }

  #longestIdle(): RoomGuest | undefined {
    let longest: RoomGuest | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (const guest of this.#guests) {
      const { idleSince } = guest;
      if (idleSince === undefined || idleSince >= since) continue;
      longest = guest;
      since = idleSince;
    }
    return longest;
  }
}
