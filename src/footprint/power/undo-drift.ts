import type { PowerSeries } from '../../maths/index.js';
import type { Finding } from '../account.js';
import { type LagCourse, lagAt, lagCourse, lagOf } from './lag-course.js';
import { placeOfStep } from './lag-step.js';
import { type LagSpan, lagPoints } from './lag-windows.js';

/** A lag that changes in the course of the record. */
export interface Drift {
  readonly course: LagCourse;
  /** As it is when the work begins; what is more later is undone. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly from: 'work' | 'cpu-power';
  /** In how many windows it could be told. */
  readonly windows: number;
  readonly finding: Finding;
}

export interface DriftSearch {
  readonly work: PowerSeries;
  readonly cpu: PowerSeries;
  readonly power: PowerSeries;
  readonly sampleSeconds: number;
  readonly span: LagSpan;
}

/** How the lag changes over the record, where that is beyond doubt: after the work, else after the processor's power. */
export function findDrift({ work, cpu, power, sampleSeconds, span }: DriftSearch): Drift | undefined {
  const ofWork = lagPoints(work, power, span);
  const ofCpu = ofWork.length > 0 ? [] : lagPoints(cpu, power, span);
  const [reference, points] = ofWork.length > 0 ? [work, ofWork] : [cpu, ofCpu];
  const course = lagCourse(points, sampleSeconds, (step) =>
    placeOfStep(reference, power, step, sampleSeconds),
  );
  if (course === undefined) return undefined;
  const [startSeconds, endSeconds] = [lagAt(course, span.from), lagAt(course, span.until)];
  return {
    course,
    startSeconds,
    endSeconds,
    from: reference === work ? 'work' : 'cpu-power',
    windows: points.length,
    finding: {
      code: 'lag-drift',
      message: messageOf(course, startSeconds, endSeconds),
      count: points.length,
    },
  };
}

/**
 * Times on the clock of the power as they would be had the lag stayed what it was at the start. NaN for those that the
 * course passes over: after a step of the clock nothing was read for them.
 */
export function withoutDrift(t: Float64Array, { course, startSeconds }: Drift): Float64Array {
  return t.map((at) => {
    for (const [k, piece] of course.entries()) {
      // What is read at t was drawn when t − lag was, and the lag is that of then.
      const drawn = (at - piece.lagSeconds) / (1 + piece.slope);
      if (drawn >= (course[k + 1]?.from ?? Number.POSITIVE_INFINITY)) continue;
      return drawn >= piece.from ? drawn + startSeconds : Number.NaN;
    }
    return Number.NaN;
  });
}

function messageOf(course: LagCourse, start: number, end: number): string {
  const steps = course.slice(1).map((piece, k) => {
    const jump = lagOf(piece, piece.from) - lagOf(course[k] ?? piece, piece.from);
    return `${signed(jump)} s at ${piece.from.toFixed(0)} s`;
  });
  const drifts = course
    .filter(({ slope }) => slope !== 0)
    .map(({ slope }) => `${signed(3600 * slope)} s an hour`);
  const how = [...new Set(drifts), ...steps].join(', ');
  return `the clock of the power changes against that of the work: its lag is ${start.toFixed(2)} s at the start and ${end.toFixed(2)} s at the end (${how}); this is undone`;
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
