/** Words of the text, the most frequent first. */
export const VOCABULARY: readonly [string, ...string[]] = [
  'the',
  ...words(`
    of and to a in is that it for was on with as by at from which this be are or an not but have had
    water light river wind sun field mill wheel stone house road day night year hour hand work power heat fire
    current engine lamp wire coal steam winter summer morning evening mountain valley harbour ship bridge garden
    turns runs burns flows falls rises keeps gives takes makes carries counts measures shares saves wastes
    slow quick bright quiet heavy small large old new warm cold early late near far less more enough always never
    isn't can't doesn't`),
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
