/** Where data lives: one interface over files, S3, Google Cloud Storage and Azure Blob. */

export {
  type ByteRange,
  type GetOptions,
  type ObjectBody,
  type ObjectInfo,
  type ObjectStore,
  type PutOptions,
  STORAGE_KINDS,
  type StorageKind,
} from './object-store.js';
export { checkStorage, openStorage, type StorageOptions } from './open-storage.js';
export { withPrefix } from './with-prefix.js';
