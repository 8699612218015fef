import { isatty } from 'node:tty';
import { writeError } from '../../base/index.js';
import type { RunProgress, StageProgress } from '../../model/index.js';
import { runProgressLines, stageProgressLine } from '../../report/index.js';

const STDERR = 2;
const DRAW_MILLISECONDS = 100;
const TELL_MILLISECONDS = 1_000;
/** A stage that goes on for long is told of this often in a log. */
const TELL_AGAIN_SECONDS = 30;

/** Shows how a run goes on, on stderr, until the function that it returns is called. */
export function showProgress(
  watch: () => RunProgress,
  options: { quiet: boolean; terminal?: boolean },
): () => void {
  if (options.quiet) return () => {};
  return (options.terminal ?? isatty(STDERR)) ? drawOver(watch) : tellInLines(watch);
}

/** Lines that are drawn over in place. */
function drawOver(watch: () => RunProgress): () => void {
  let height = 0;
  const draw = (): void => {
    const lines = runProgressLines(watch(), process.stderr.columns ?? 80);
    const up = height > 0 ? `\x1b[${height}A` : '';
    writeError(`${up}${lines.map((line) => `\r\x1b[K${line}\n`).join('')}`);
    height = lines.length;
  };
  const timer = setInterval(draw, DRAW_MILLISECONDS);
  timer.unref();
  return () => {
    clearInterval(timer);
    // Quick runs end before anything was drawn: their table says it all.
    if (height > 0) draw();
  };
}

/** A line when a stage begins to finish partitions, when it is finished, and now and then between. */
function tellInLines(watch: () => RunProgress): () => void {
  const told = new Map<string, { finished: number; at: number }>();
  const isNews = (stage: StageProgress, elapsed: number): boolean => {
    const last = told.get(stage.name);
    if (stage.finished === (last?.finished ?? 0)) return false;
    return (
      stage.finished === stage.partitions || last === undefined || elapsed - last.at >= TELL_AGAIN_SECONDS
    );
  };
  const tell = (): void => {
    const { stages, elapsedSeconds } = watch();
    for (const stage of stages) {
      if (!isNews(stage, elapsedSeconds)) continue;
      told.set(stage.name, { finished: stage.finished, at: elapsedSeconds });
      writeError(`${stageProgressLine(stage)}\n`);
    }
  };
  const timer = setInterval(tell, TELL_MILLISECONDS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (told.size > 0) tell();
  };
}
