// How the search weighs what it finds. What names everything comes after the page about the thing.
const NAMES_ALL = {
  bibliography: 60,
  ledger: 50,
  api: 40,
  index: 30,
  glossary: 20,
  crosswalk: 5,
  summary: 5,
  fact_sheet: 5,
};

Object.assign(globalThis, {
  Scorer: {
    objNameMatch: 11,
    objPartialMatch: 6,
    objPrio: { 0: 15, 1: 5, 2: -5 },
    objPrioDefault: 0,
    title: 15,
    partialTitle: 7,
    term: 5,
    partialTerm: 2,
    /** @param {[keyof typeof NAMES_ALL, string, string, string | null, number, string]} found */
    score: ([page, , , , score]) => score - (NAMES_ALL[page] ?? 0),
  },
});
