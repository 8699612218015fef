/** Workflows of parallel functions: written, run, profiled, predicted. */

export {
  type CarbonWork,
  carbonOf,
  type InvocationCarbon,
  invocationCarbon,
  invocationCarbonGrams,
} from './estimate/invocation-carbon.js';
export { invocationCostUsd, type Priced } from './estimate/invocation-cost.js';
export { type LambdaEstimateOptions, lambdaEstimate } from './estimate/lambda-estimate.js';
export { type LambdaWork, lambdaWorkOf, type MeasuredPart } from './estimate/lambda-work.js';
export { isLithops, type LithopsSettings, lithopsSettings } from './lithops/lithops-settings.js';
export type { SettingOrigin } from './lithops/translation.js';
export type { Profile, ProfileColumn, ProfileEntry, ProfileStage, ProfileValue } from './profile/profile.js';
export { readProfileFile, writeProfileFile, writeProfileFolder } from './profile/profile-files.js';
export { type InvocationsProfile, profileOfInvocations } from './profile/profile-of-invocations.js';
export {
  type ProfileSamples,
  type ProfileSamplesOptions,
  profileSamples,
} from './profile/profile-samples.js';
