// npm run docs: writes the references that are made from code. A test fails when they are not what the code says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from 'wattloop/gateway';
import { settingsSchema } from 'wattloop/model';
import { metricsReference, settingsReference } from 'wattloop/report';

const docs = join(import.meta.dirname, '..', 'docs');
writeFileSync(join(docs, 'metrics.md'), metricsReference(Object.values(METRICS)));
writeFileSync(join(docs, 'configuration.md'), settingsReference(settingsSchema));
