/** Where a figure comes from. */
export interface Citation {
  readonly title: string;
  readonly url: string;
}
