/** What piscina's threads do. */
export default (): number => 0;
