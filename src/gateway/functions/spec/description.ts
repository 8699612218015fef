/** What a function does its work with. */
export type FunctionCode =
  /** A module, by its absolute path. */
  | { readonly kind: 'handler'; readonly handler: string }
  /** A program, which is started for every call, or once as a server if the environment says `mode: http`. */
  | { readonly kind: 'process'; readonly command: readonly string[] }
  | { readonly kind: 'image'; readonly image: string };

/** Quantities as they are written: `128Mi`, `500m`. */
export interface QuantitiesAsWritten {
  readonly memory?: string | undefined;
  readonly cpu?: string | undefined;
}

/** A function as its owner describes it, wherever: in a stack.yml, by a file in a folder, in a request. */
export interface FunctionDescription {
  readonly name: string;
  readonly code: FunctionCode;
  /** Where its processes run: an absolute path. */
  readonly folder?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly limits?: QuantitiesAsWritten | undefined;
  readonly requests?: QuantitiesAsWritten | undefined;
  readonly constraints?: readonly string[] | undefined;
  readonly readOnlyRootFilesystem?: boolean | undefined;
}
