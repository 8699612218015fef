/** How a figure was got: from a counter, from a model fitted on measured inputs, or from a table. Most trusted first. */
export const PROVENANCES = ['measured', 'modelled', 'estimated'] as const;
export type Provenance = (typeof PROVENANCES)[number];
