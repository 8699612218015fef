import { describe, expect, it } from 'vitest';
import { chooseSensors } from './choose.js';
import { parseDcmiPower, parseReadings, parseSensorList } from './output.js';

const DCMI = `
    Instantaneous power reading:                   212 Watts
    Minimum during sampling period:                 74 Watts
    Maximum during sampling period:                410 Watts
    Average power reading over sample period:      206 Watts
    IPMI timestamp:                           Mon Mar  4 12:37:56 2024
    Sampling period:                          00000010 Seconds.
    Power reading state is:                   activated

`;

/** PowerEdge R740, iDRAC 9. */
const DELL = `Fan1 RPM         | 30h | ok  |  7.1 | 5880 RPM
Inlet Temp       | 05h | ok  |  7.1 | 21 degrees C
Current 1        | 6Ah | ok  | 10.1 | 0.40 Amps
Current 2        | 6Bh | ok  | 10.2 | 0.40 Amps
Voltage 1        | 6Ch | ok  | 10.1 | 232 Volts
Pwr Consumption  | 77h | ok  |  7.1 | 168 Watts
CPU Usage        | FDh | ok  |  7.1 | 12 percent
`;
/** PowerEdge R710, iDRAC 6. */
const DELL_OLD = `Current          | 94h | ns  | 10.1 | No Reading
Current          | 95h | ok  | 10.2 | 0.48 Amps
System Level     | 98h | ok  |  7.1 | 105 Watts
`;
/** ProLiant DL380 G7: supplies in watts beside the meter of the machine. */
const HPE = `UID Light        | 01h | ok  | 23.1 | 0x00
Power Supply 1   | 03h | ok  | 10.1 | 35 Watts
Power Supply 2   | 04h | ok  | 10.2 | 155 Watts
Temp 1           | 0Ah | ok  | 64.1 | 16 degrees C
Power Meter      | 48h | ok  |  7.1 | 182 Watts
`;
/** ThinkSystem SR650, XCC. */
const LENOVO = `Sys Power        | 8Bh | ok  |  7.1 | 312 Watts
CPU Power        | 8Ch | ok  |  3.1 | 140 Watts
Mem Power        | 8Dh | ok  |  8.1 | 22 Watts
Ambient Temp     | 31h | ok  | 39.1 | 23 degrees C
`;
/** S2600WT board: the inputs of two supplies and no sensor for the whole. */
const INTEL = `PS1 Input Power  | 54h | ok  | 10.1 | 132 Watts
PS2 Input Power  | 55h | ok  | 10.2 | 160 Watts
PS1 Curr Out %   | 58h | ok  | 10.1 | 17 percent
`;
/** H12 board: no watts in the repository at all. */
const SUPERMICRO = `CPU Temp         | 01h | ok  |  3.1 | 41 degrees C
12V              | 30h | ok  |  7.17 | 12.19 Volts
PS1 Status       | C8h | ok  | 10.1 |
FAN2             | 42h | ns  | 29.2 | No Reading
`;
/** UCS C220. */
const CISCO = `POWER_USAGE      | 50h | ok  |  7.1 | 184 Watts
PSU1_PIN         | 51h | ok  | 10.1 | 96 Watts
PSU1_POUT        | 52h | ok  | 10.1 | 88 Watts
PSU2_PIN         | 53h | ok  | 10.2 | 90 Watts
`;
/** RH2288: supplies and the whole bear the same word. */
const HUAWEI = `Power            | 25h | ok  |  7.96 | 168 Watts
Power1           | 21h | ok  | 10.96 | 90 Watts
Power2           | 22h | ok  | 10.97 | 78 Watts
`;

const chosen = (text: string, named?: readonly string[]): [string[], string[]] => {
  const choice = chooseSensors(parseSensorList(text), named);
  return [choice.chosen.map(({ name }) => name), choice.others.map(({ name }) => name)];
};

describe('parseDcmiPower', () => {
  it('reads power now, its extremes and its mean', () => {
    expect(parseDcmiPower(DCMI)).toEqual({
      watts: 212,
      minimumWatts: 74,
      maximumWatts: 410,
      averageWatts: 206,
      activated: true,
    });
  });

  it('reads an answer in which a newline is missing after the time', () => {
    const joined = DCMI.replace(/ 2024\n */, ' 2024    ');
    expect(parseDcmiPower(joined)).toMatchObject({ watts: 212, activated: true });
  });

  it('sees that the meter is not activated', () => {
    expect(parseDcmiPower(DCMI.replace('  activated', '  deactivated'))).toMatchObject({ activated: false });
  });

  it.each([
    '',
    'DCMI request failed because: Invalid command (c1)',
    DCMI.slice(0, 40),
    DCMI.replace('212', '-1'),
  ])('finds no power in %j', (text) => {
    expect(parseDcmiPower(text)).toBeUndefined();
  });
});

describe('chooseSensors', () => {
  it.each([
    ['Dell', DELL, ['Pwr Consumption'], []],
    ['Dell before iDRAC 7', DELL_OLD, ['System Level'], []],
    ['HPE', HPE, ['Power Meter'], ['Power Supply 1', 'Power Supply 2']],
    ['Lenovo', LENOVO, ['Sys Power'], ['CPU Power', 'Mem Power']],
    ['Intel', INTEL, ['PS1 Input Power', 'PS2 Input Power'], []],
    ['Supermicro', SUPERMICRO, [], []],
    ['Cisco', CISCO, ['POWER_USAGE'], ['PSU1_PIN', 'PSU1_POUT', 'PSU2_PIN']],
    ['Huawei', HUAWEI, ['Power'], ['Power1', 'Power2']],
  ])('takes the whole machine on %s, and never its parts beside it', (_vendor, text, used, others) => {
    expect(chosen(text)).toEqual([used, others]);
  });

  it('adds inputs of supplies, never their outputs', () => {
    expect(chosen(CISCO.replace(/^POWER.*\n/, ''))).toEqual([['PSU1_PIN', 'PSU2_PIN'], ['PSU1_POUT']]);
  });

  it('keeps the input of a supply that is unplugged now', () => {
    expect(chosen(INTEL.replace(/ok {2}\| 10.2 \| 160 Watts/, 'ns  | 10.2 | No Reading'))[0]).toEqual([
      'PS1 Input Power',
      'PS2 Input Power',
    ]);
  });

  it('does not guess at sensors that could be anything', () => {
    expect(chosen(HPE.replace(/^Power Meter.*\n/m, ''))).toEqual([[], ['Power Supply 1', 'Power Supply 2']]);
    expect(chosen('Power            | 25h | ok  | 10.1 | 90 Watts')).toEqual([[], ['Power']]);
  });

  it('takes those that the user names', () => {
    expect(chosen(LENOVO, ['CPU Power', 'Mem Power'])).toEqual([['CPU Power', 'Mem Power'], ['Sys Power']]);
  });

  it('does not use two sensors of one name, which can not be told apart when read', () => {
    const text = 'Sys Power | 01h | ok | 7.1 | 90 Watts\nSys Power | 02h | ok | 7.2 | 80 Watts';
    expect(chosen(text)).toEqual([[], ['Sys Power', 'Sys Power']]);
  });
});

describe('parseReadings', () => {
  it('takes numbers, and leaves out what is none', () => {
    const text = 'Pwr Consumption,196\nPS2 Input Power,na\n\ngarbage\nPS3 Input Power,-5\nhalf,';
    expect([...parseReadings(text)]).toEqual([['Pwr Consumption', 196]]);
  });
});
