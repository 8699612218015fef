/** A function's jobs on a part that all share (the disk, the GPU), and the energy that they took there. */
export class SharedPart {
  #weight = 0;
  #mark = 0;
  joules = 0;

  /** Jobs come or, below 0, go; `each` is the integral of what a job of weight 1 takes. */
  add(weight: number, each: number): void {
    this.settle(each);
    this.#weight += weight;
  }

  settle(each: number): void {
    this.joules += this.#weight * (each - this.#mark);
    this.#mark = each;
  }
}
