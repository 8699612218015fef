/** Who can use energy: what a share is given to. */
export const PRINCIPAL_KINDS = [
  'function',
  'control-plane',
  'process',
  'container',
  'pod',
  'service',
  'cgroup',
  'system',
  'wattloop',
] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

export interface Principal {
  /** The same for as long as the principal lives, and never reused while it is remembered. */
  readonly key: string;
  readonly kind: PrincipalKind;
  /** Short, for people. */
  readonly name: string;
  /** What else identifies it: `container_id`, `image`, `pod`, `pid`… */
  readonly labels: Readonly<Record<string, string>>;
}
