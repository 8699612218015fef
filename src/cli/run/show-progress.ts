import { isatty } from 'node:tty';
import { drawError, drawnOnError, writeError } from '../../base/index.js';
import type { RunProgress, StageProgress } from '../../model/index.js';
import { cellWidth, inAscii, runProgressLines, showsUnicode, stageProgressLine } from '../../report/index.js';

const STDOUT = 1;
const STDERR = 2;
const USUAL_WIDTH = 80;
const USUAL_HEIGHT = 24;
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
  let end: (() => void) | undefined =
    (options.terminal ?? isatty(STDERR)) ? drawOver(watch) : tellInLines(watch);
  return () => {
    end?.();
    end = undefined;
  };
}

/** Lines that are drawn over in place. When it ends they go, as the table tells more; they stay where that goes elsewhere. */
function drawOver(watch: () => RunProgress): () => void {
  const shown = showsUnicode(process.env) ? (line: string) => line : inAscii;
  let drawn: readonly string[] = [];
  const erase = (): string => {
    const rows = rowsOf(drawn, process.stderr.columns || USUAL_WIDTH);
    drawn = [];
    return rows === 0 ? '' : `\x1b[${rows}A\r\x1b[J`;
  };
  const draw = (): void => {
    const { columns, rows } = process.stderr;
    const lines = runProgressLines(watch(), columns || USUAL_WIDTH, (rows || USUAL_HEIGHT) - 1).map(shown);
    // In one piece, so that nothing is seen of what is taken away.
    drawError(`${erase()}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines;
  };
  const withdraw = drawnOnError(erase);
  const timer = setInterval(draw, DRAW_MILLISECONDS);
  timer.unref();
  return () => {
    clearInterval(timer);
    // Quick runs end before anything was drawn.
    if (isatty(STDOUT)) drawError(erase());
    else if (drawn.length > 0) draw();
    withdraw();
  };
}

/** The rows that lines take, also after the window has become narrower. */
const rowsOf = (lines: readonly string[], width: number): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(cellWidth(line) / width)), 0);

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
