import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../../base/index.js';

const SUCCESS = 0;

/** An exporter that says once when its collector does not take spans, and once when it takes them again. */
export function toldExporter(exporter: SpanExporter, log: Logger, url: string): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const fails = result.code !== SUCCESS;
        if (fails && !isFailing)
          log.warn('the OpenTelemetry collector does not take the spans', {
            url,
            error: result.error?.message,
          });
        if (!fails && isFailing) log.info('the OpenTelemetry collector takes the spans again', { url });
        isFailing = fails;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
