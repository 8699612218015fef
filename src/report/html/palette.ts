/**
 * Colours of functions. Chosen so that all of them, and the greys of idle and control plane, can be told apart also with
 * any of the common kinds of colour blindness, and neighbours easily; a test holds them to that.
 */
export const FUNCTION_COLOURS = [
  '#1795fa',
  '#ea9602',
  '#4f7ac1',
  '#45e77a',
  '#6e5a7d',
  '#47b5fa',
  '#8e0d39',
  '#8ba885',
  '#67298c',
  '#db551d',
  '#3b51d3',
  '#ba0d01',
] as const;

export const IDLE_COLOUR = '#bbbec1';
export const CONTROL_PLANE_COLOUR = '#7e8792';

/** The class of the n-th line's or point's colour. */
export const seriesLook = (index: number): string => `s${index % FUNCTION_COLOURS.length}`;

/** The class of the n-th function's colour. */
export const functionLook = (index: number): string => `f${index % FUNCTION_COLOURS.length}`;
