/** What a worker was recognised as, and by which rule. */
export interface Recognition {
  readonly role: 'function' | 'control-plane' | 'none';
  /** Of a function: its name. */
  readonly function?: string;
  /** Every worker of its runs for one call. */
  readonly isOneCall: boolean;
  readonly rule: string;
  /** The platform whose rule it is; `own` for rules of the settings. */
  readonly platform: string;
}

/** What is known of a control group, and of a process in it. */
export interface WorkerFacts {
  readonly cgroup: string;
  readonly container?: string | undefined;
  readonly image?: string | undefined;
  readonly pod?: string | undefined;
  readonly namespace?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly process?: ProcessFacts;
}

export interface ProcessFacts {
  readonly name: string;
  /** Its arguments separated by spaces. Read when a rule asks for it. */
  readonly command: () => string;
  readonly environment: () => Readonly<Record<string, string>>;
}
