import type { FunctionContext, FunctionEvent } from 'wattloop/compute';

/** What the caller asked for can't be done: the answer says why, with this status. */
export class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** A handler that does some work for a call. */
export type Work = (event: FunctionEvent, context: FunctionContext) => unknown;

/** The work as a handler: a refusal becomes an answer of its own, and no failure of the function. */
export const answering =
  (work: Work): Work =>
  async (event, context) => {
    try {
      return await work(event, context);
    } catch (error) {
      if (error instanceof Refusal) return { statusCode: error.status, body: `${error.message}\n` };
      throw error;
    }
  };
