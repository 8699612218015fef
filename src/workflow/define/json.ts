/** What parameters are made of: plain data that looks the same in a file, in another process and in another language. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Parameters = Readonly<Record<string, Json>>;
