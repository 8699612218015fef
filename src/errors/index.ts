/** What went wrong, where, and what would mend it. It imports nothing, so that pure rooms can speak of errors too. */

export { closest, misspelt } from './closest.js';
export { ErrorCode, type ErrorDetails, messageOf, systemCode, WattloopError } from './errors.js';
