/** A value on its way between processes: with the message when it is small, as an object in the store when it is not. */
export type Part = { readonly inline: Uint8Array } | { readonly key: string };

/** Bytes of more go through the store. */
export const INLINE_BYTES = 256 * 1024;

/** What an invocation is given to call its function with: one value, or the list of the values of other invocations. */
export type Argument = Part | { readonly parts: readonly Part[] } | { readonly partsKey: string };
