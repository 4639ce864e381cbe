import { Choice, optionOr } from './Choice'
import { moment, number, time } from './format'
import { Frame } from './Frame'
import { Known } from './Known'
import { useLive } from './live'
import { choose } from './route'
import { Spoken } from './Spoken'
import { StatusLine } from './StatusLine'
import { TopList } from './TopList'
import type { Overview } from './wire'

const windows = [
  ['1m', 'Minute'],
  ['10m', '10 minutes'],
  ['1h', 'Hour'],
  ['all', 'All time'],
] as const

const names = { '1m': 'this minute', '10m': 'these ten minutes', '1h': 'this hour', all: 'of all time' }
const rows = 20

/** All courses: how much, how fast, and which are ahead. */
export function OverviewPage({ query }: { query: URLSearchParams }) {
  const span = optionOr(windows, query.get('window'), '1h')
  const { answer, line } = useLive<Overview>(`/v1/live?top=${rows}&window=${span}`, 'overview')
  const top = answer?.top
  const status = answer?.status
  // Until the new window's first answer is there, the old numbers keep their own name.
  const shown = optionOr(windows, top?.window.name ?? span, span)

  return (
    <Frame title="Grains: live course views" line={line} footer={<StatusLine status={status} />}>
      <h1 class="unseen">Live views of all courses</h1>
      <Spoken text={top ? `${number(top.window.views)} views ${names[shown]}; ahead: course ${top.courses[0]?.course ?? 'none'}` : ''} />
      <section class="hero" aria-label="Totals">
        <div class="hero-main">
          <p class="label">Views {names[shown]}</p>
          <p class="huge">
            <Known text={top && number(top.window.views)} />
          </p>
          <p class="hint">{top ? (shown === 'all' ? 'since the first line of the log' : `since ${time(top.window.start)}`) : '\u00a0'}</p>
        </div>
        <dl class="facts">
          <div>
            <dt>Log lines a second</dt>
            <dd>
              <Known text={status && number(Math.round(status.recordsPerSecond))} />
            </dd>
          </div>
          <div>
            <dt>Courses seen</dt>
            <dd>
              <Known text={top && number(top.courseCount)} />
            </dd>
          </div>
          <div>
            <dt>Newest view</dt>
            <dd>
              <Known text={status?.eventTime ? moment(status.eventTime) : undefined} />
            </dd>
          </div>
        </dl>
      </section>
      <section class="panel" aria-labelledby="top">
        <div class="panel-head">
          <h2 id="top">Top courses</h2>
          <Choice label="Window" name="window" options={windows} value={span} onChoose={(value) => choose('window', value)} />
        </div>
        <TopList courses={top?.courses} total={top?.window.views ?? 0} rows={rows} isStale={line === 'reconnecting'} />
      </section>
    </Frame>
  )
}
