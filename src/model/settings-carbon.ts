import { z } from 'zod';

const seconds = z.number().positive();
const address = z.string().regex(/^https?:\/\/[^/]+/, 'must be an http address');

/** What the electricity and the making of the machines emit. */
export const carbonSettings = z
  .strictObject({
    intensity_g_per_kwh: z
      .number()
      .nonnegative()
      .optional()
      .describe(
        'Grams of CO2e per kWh of electricity, outweighing region; the world mean of 2024, 473, when neither is set (Ember, Global Electricity Review 2025)',
      ),
    region: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where the machine stands, for the yearly mean of its grid: a region of AWS, Azure or Google (eu-west-1, westeurope, us-east1), or a country (DE)',
      ),
    series_file: z
      .string()
      .min(1)
      .optional()
      .describe('CSV file of carbon intensity over time, with the columns datetime and g_per_kwh'),
    pue: z
      .number()
      .min(1)
      .default(1)
      .describe(
        'Power usage effectiveness: what the building draws for each joule of its machines; 1 leaves the building out. Published means: AWS 1.15, Azure 1.18, Google 1.1, others 1.58',
      ),
    embodied: z
      .strictObject({
        server: z
          .string()
          .min(1)
          .optional()
          .describe(
            'A machine of the table of embodied emissions: server, desktop, rack-server, or an AWS family (aws:m5)',
          ),
        kilograms: z
          .number()
          .nonnegative()
          .optional()
          .describe('Kilograms of CO2e of making the server, instead of the table'),
        lifetime_years: z
          .number()
          .positive()
          .optional()
          .describe('Years that the server is to serve, instead of the table'),
        share: z
          .number()
          .positive()
          .max(1)
          .default(1)
          .describe('What part of the server this machine is: 1 unless it is a virtual machine'),
      })
      .prefault({}),
    electricity_maps: z
      .strictObject({
        token: z.string().min(1).optional().describe('Token for the API of Electricity Maps. Never logged'),
        token_file: z.string().min(1).optional().describe('File that holds the token in its first line'),
        zone: z.string().min(1).optional().describe('Zone of Electricity Maps: DE, US-CAL-CISO'),
        url: address
          .default('https://api.electricitymaps.com/v3')
          .describe('Address of the API, version 3 included'),
        timeout_seconds: seconds.default(10).describe('Longest wait for one answer'),
      })
      .prefault({}),
    watttime: z
      .strictObject({
        user: z.string().min(1).optional().describe('User at WattTime'),
        password: z.string().min(1).optional().describe('Password at WattTime. Never logged'),
        password_file: z
          .string()
          .min(1)
          .optional()
          .describe('File that holds the password in its first line'),
        region: z.string().min(1).optional().describe('Region of WattTime: CAISO_NORTH'),
        url: address.default('https://api.watttime.org').describe('Address of the API'),
        timeout_seconds: seconds.default(10).describe('Longest wait for one answer'),
      })
      .prefault({}),
  })
  .prefault({});
