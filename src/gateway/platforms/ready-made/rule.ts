import type { WorkerMatch, WorkerRule } from '../../../model/index.js';

/** A rule for workers of functions. */
export const worker = (name: string, match: WorkerMatch, of: string): WorkerRule => ({
  name,
  match,
  function: of,
  calls: 'unknown',
});

/** A rule for the platform's own parts. */
export const controlPlane = (name: string, match: WorkerMatch): WorkerRule => ({
  name,
  match,
  control_plane: true,
  calls: 'unknown',
});

/** A rule for what belongs to nobody in particular. */
export const nobody = (name: string, match: WorkerMatch): WorkerRule => ({
  name,
  match,
  ignore: true,
  calls: 'unknown',
});
