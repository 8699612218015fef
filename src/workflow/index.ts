/** Workflows of parallel functions: written, run, profiled, predicted. */
