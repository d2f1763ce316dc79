import type { Gap } from './contenders.ts'
import { type Demand, describeProfile, excess } from './demands.ts'
import { type Cell, type Section, count, figure, none, text } from './report.ts'

/** What a whole run comes to: every demand, met or missed and by how much, with its spread. */
export function demandsSection(sections: readonly Section[]): Section {
  const demands = sections.flatMap((section) => section.demands)
  return {
    scenario: 'demands',
    title: 'Demands',
    columns: ['demand', 'measured', 'at most', 'verdict'],
    rows: demands.map((demand): [string, ...Cell[]] => [
      demand.text,
      demand.verdict === 'not measured' ? none('–') : figure(demand.measured, 2),
      count(demand.limit),
      text(verdictOf(demand)),
    ]),
    notes: demands.flatMap(whereTheTimeGoes),
    demands: [],
  }
}

/** What could not be measured, by reason; one line for each. */
export function describeGaps(gaps: readonly Gap[]): readonly string[] {
  const lines = gaps.map(({ scenario, tool, because }) => `${scenario}: ${tool}: ${because}`)
  return [...new Set(lines)]
}

function verdictOf(demand: Demand): string {
  const over = excess(demand)
  if (demand.verdict === 'missed') return over === null ? 'MISSED' : `MISSED, ${over}`
  return demand.verdict
}

function whereTheTimeGoes({ text: name, verdict, profile }: Demand): readonly string[] {
  if (verdict !== 'missed' || profile.length === 0) return []
  return [`${name}: ${describeProfile(profile)}`]
}
