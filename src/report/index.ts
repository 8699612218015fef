/** Results as people and programs read them: terminal tables and views, JSON documents, pages for browsers, references in Markdown. */
export { ACCOUNT_SORTS, type AccountSort } from './account-rows.js';
export {
  changeText,
  configurationText,
  effectText,
  meanText,
  metricText,
  pText,
  ratioText,
} from './difference-words.js';
export { type AccountReportOptions, accountReport } from './html/account-report.js';
export {
  type CharacterisationReportOptions,
  characterisationReport,
} from './html/characterisation-report.js';
export { loadReport } from './html/load/load-report.js';
export { runReport } from './html/run-report.js';
export { accountJson } from './json/account.js';
export { characterisationJson } from './json/characterisation.js';
export { comparisonJson } from './json/comparison.js';
export { examinationJson } from './json/examination.js';
export { lambdaEstimateJson } from './json/lambda-estimate.js';
export { loadJson } from './json/load.js';
export { measurementJson } from './json/measurement.js';
export { choiceJson, predictionJson } from './json/prediction.js';
export { runDetailJson, runJson, runListJson } from './json/run.js';
export { snapshotJson } from './json/snapshot.js';
export { characterisationMarkdown } from './markdown/characterisation.js';
export { type DocumentedMetric, metricsReference } from './markdown/metrics-reference.js';
export { runMarkdown } from './markdown/run-report.js';
export { settingsReference } from './markdown/settings-reference.js';
export type { RunPower, RunReportData } from './run/run-report-data.js';
export { type AccountTextOptions, accountText } from './terminal/account.js';
export { inAscii, showsUnicode } from './terminal/ascii.js';
export { type CharacterisationTextOptions, characterisationText } from './terminal/characterisation.js';
export { comparisonText } from './terminal/comparison.js';
export { examinationText } from './terminal/examination.js';
export { joules, percent, seconds } from './terminal/figures.js';
export { lambdaEstimateText } from './terminal/lambda-estimate.js';
export { loadText } from './terminal/load.js';
export { measurementText } from './terminal/measurement.js';
export { choiceText, type PredictionTextOptions, predictionText } from './terminal/prediction.js';
export { cellWidth, printable } from './terminal/printable.js';
export { runText } from './terminal/run.js';
export { type RunDetail, runDetailText } from './terminal/run-detail.js';
export { type ListedRun, runListText } from './terminal/run-list.js';
export { runProgressLines, stageProgressLine } from './terminal/run-progress.js';
export { type RunStages, runStagesText } from './terminal/run-stages.js';
export { type Cell, table } from './terminal/table.js';
export { splitKeys, topKey } from './terminal/top-keys.js';
export { INITIAL_TOP, TOP_SORTS, type TopSort, type TopState, type TopView } from './terminal/top-rows.js';
export { topScreen, topText, withinScreen } from './terminal/top-view.js';
