import fc from 'fast-check';

// A property that fails is shrunk for a while, not for ever.
fc.configureGlobal({ interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });
