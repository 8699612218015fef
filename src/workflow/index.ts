/** Workflows of parallel functions: written, run, profiled, predicted. */

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
