/**
 * What even a law that fits leaves unsaid, as parts of energies: the deviations from the truth on laboratory machines
 * (`npm run bench -- account-accuracy`) that errors of weights and of the choice of law don't explain.
 */
export const LAW_ERROR = 0.07;
/** Of shares of the load floor: who holds it up when is known less well than who works. */
export const FLOOR_ERROR = 0.2;
