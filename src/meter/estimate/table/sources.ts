export const INTEL = "Intel's product specifications (ark.intel.com), page of the model";
export const AMD = "AMD's product specifications (amd.com/en/products/specifications), page of the model";
/** Models made for one cloud, of which the vendor has no page. */
export const IF_DATA = "TDP table of the Impact Framework (if-data); cores by the cloud's instance types";
