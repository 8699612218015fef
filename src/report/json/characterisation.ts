import type { Statistics } from '../../maths/index.js';
import type {
  Characterisation,
  ConfigurationFigures,
  Recommendation,
  RepeatedFigure,
  StageCharacterisation,
} from '../../model/index.js';
import { configurationJson, differenceJson, intervalJson } from './difference.js';
import { figure } from './figure.js';

const statisticsJson = ({ count, mean, standardDeviation, confidence95 }: Statistics): object => ({
  count,
  mean: figure(mean),
  standard_deviation: figure(standardDeviation),
  confidence_95: figure(confidence95),
});

const repeatedJson = ({ statistics, variation, observations }: RepeatedFigure): object => ({
  ...statisticsJson(statistics),
  cv: figure(variation),
  observations: observations.map(({ run, repetition, value, isOutlier }) => ({
    run,
    repetition,
    value: figure(value),
    outlier: isOutlier,
  })),
});

const orNull = <T>(value: T | undefined, write: (value: T) => object): object | null =>
  value === undefined ? null : write(value);

function figuresJson(figures: ConfigurationFigures): object {
  const { metrics, phaseSeconds, energyPerWork, warmUps } = figures;
  return {
    configuration: configurationJson(figures.configuration),
    repetitions: figures.repetitions,
    warm_ups: orNull(warmUps, ({ count, seconds, joules }) => ({
      count,
      wall_seconds: figure(seconds),
      joules: figure(joules),
    })),
    cold_start_share: figure(figures.coldStartShare),
    wall_seconds: orNull(metrics.time, repeatedJson),
    joules: orNull(metrics.energy, repeatedJson),
    cost_usd: orNull(metrics.cost, repeatedJson),
    carbon_grams: orNull(metrics.carbon, repeatedJson),
    joules_per_unit: orNull(energyPerWork, (each) => ({
      unit: each.per,
      ...statisticsJson(each.statistics),
    })),
    joule_seconds: orNull(figures.energyDelay, ({ statistics }) => statisticsJson(statistics)),
    phase_seconds: Object.fromEntries(
      Object.entries(phaseSeconds).map(([name, seconds]) => [name, figure(seconds)]),
    ),
    methods: figures.methods.map(({ source, domain, provenance, statistics }) => ({
      source,
      domain,
      provenance,
      ...statisticsJson(statistics),
    })),
  };
}

function frontJson({ front }: StageCharacterisation): object {
  return {
    metrics: front.metrics,
    places: front.places.map((place) => ({
      configuration: configurationJson(place.configuration),
      values: place.values.map(figure),
      on_front: place.dominatedBy.length === 0,
      knee: place.isKnee,
      dominated_by: place.dominatedBy.map(configurationJson),
      surely_dominated: place.isSurelyDominated,
    })),
  };
}

function stageJson(stage: StageCharacterisation): object {
  return {
    // Null is the whole workflow.
    stage: stage.stage || null,
    configurations: stage.configurations.map(figuresJson),
    comparisons: stage.comparisons.map(({ metric, kind, from, to, difference }) => ({
      metric,
      kind,
      from: configurationJson(from),
      to: configurationJson(to),
      ...differenceJson(difference),
    })),
    scaling: stage.scaling.map(({ axis, base, configuration, speedUp, ideal, efficiency }) => ({
      axis,
      base: configurationJson(base),
      configuration: configurationJson(configuration),
      speed_up: intervalJson(speedUp),
      ideal: figure(ideal),
      efficiency: intervalJson(efficiency),
    })),
    pareto: frontJson(stage),
    drift: stage.drifts.map(({ metric, overSeconds, change, low, high, p, adjustedP, isDrifting }) => ({
      metric,
      over_seconds: figure(overSeconds),
      change: figure(change),
      low: figure(low),
      high: figure(high),
      p: figure(p),
      p_holm: figure(adjustedP),
      drifting: isDrifting,
    })),
    sensitivity: stage.sensitivities.map((each) => ({
      metric: each.metric,
      repetitions: each.repetitions,
      cv: figure(each.variation),
      detectable: figure(each.detectable),
      wanted: each.wanted,
      repetitions_needed: figure(each.needed),
    })),
    energy_sources: stage.energySources,
    notes: stage.notes,
  };
}

/** The document that `wattloop characterize --json` prints. Absent figures are null. */
export const characterisationJson = (
  { workflow, stages }: Characterisation,
  recommendations: readonly Recommendation[],
): object => ({
  workflow,
  stages: stages.map(stageJson),
  recommendations: recommendations.map(
    ({ kind, stage, configuration, instead, about, advice, evidence }) => ({
      kind,
      stage: stage || null,
      configuration: configurationJson(configuration),
      instead: instead === undefined ? null : configurationJson(instead),
      about,
      advice,
      evidence,
    }),
  ),
});
