import { Chart } from './Chart'
import { Choice, optionOr } from './Choice'
import { capital, country, moment, number, sourceName, time, utcOffset } from './format'
import { Frame } from './Frame'
import { Known } from './Known'
import { Link } from './Link'
import { useLive } from './live'
import { choose } from './route'
import { Spoken } from './Spoken'
import { ValueList } from './ValueList'
import type { Course, DimensionName, Span } from './wire'

const resolutions = [
  ['1s', 'Seconds'],
  ['1m', 'Minutes'],
  ['1h', 'Hours'],
] as const

const points = { '1s': 120, '1m': 120, '1h': 72 }

const windows = [
  ['1m', 'Minute'],
  ['10m', '10 minutes'],
  ['1h', 'Hour'],
  ['1d', 'Today'],
  ['all', 'All time'],
] as const

const rows = 8

const lists: readonly { dimension: DimensionName; name: string; rows: number; title?: (value: string) => string }[] = [
  { dimension: 'client', name: 'Browsers', rows },
  { dimension: 'region', name: 'Regions', rows, title: country },
  { dimension: 'source', name: 'Sources', rows, title: sourceName },
  { dimension: 'os', name: 'Systems', rows: 6 },
  { dimension: 'device', name: 'Devices', rows: 6, title: capital },
]

/** One course: how much now and before, and who its visitors are. */
export function CoursePage({ course, query }: { course: string; query: URLSearchParams }) {
  const resolution = optionOr(resolutions, query.get('chart'), '1m')
  const span = optionOr(windows, query.get('window'), '1h')
  const question = new URLSearchParams({ window: span, resolution, points: String(points[resolution]), top: String(rows), tz: utcOffset() })
  const address = `/v1/courses/${encodeURIComponent(course)}`
  const { answer, line } = useLive<Course>(`${address}/live?${question}`, 'course', address)
  const windowsOf = answer?.windows

  return (
    <Frame title={`Course ${course}: Grains`} line={line} footer={<AsOf answer={answer} />}>
      <Spoken text={windowsOf ? `Course ${course}: ${number(windowsOf.hour.views)} views this hour, ${number(windowsOf.day.views)} today` : ''} />
      <nav class="crumbs" aria-label="Way back">
        <Link to="/">All courses</Link>
      </nav>
      <h1 class="title">
        <span class="label">Course</span> {course}
      </h1>
      {line === 'missing' ? (
        <div class="panel empty">
          <p class="empty-title">Nobody has viewed course {course} yet</p>
          <p>This page shows its numbers as soon as the log tells of a view. Is it the right id?</p>
        </div>
      ) : (
        <div class={line === 'reconnecting' ? 'stale' : undefined} aria-busy={answer === null}>
          <dl class="tiles">
            <Tile name="This minute" span={windowsOf?.minute} />
            <Tile name="Ten minutes" span={windowsOf?.tenMinutes} />
            <Tile name="This hour" span={windowsOf?.hour} />
            <Tile name="Today" span={windowsOf?.day} />
            <Tile name="All time" span={windowsOf?.allTime} isOpen />
          </dl>
          <section class="panel" aria-labelledby="over-time">
            <div class="panel-head">
              <h2 id="over-time">Views over time</h2>
              <Choice label="Width of a point" name="chart" options={resolutions} value={resolution} onChoose={(value) => choose('chart', value)} />
            </div>
            <Chart series={answer?.series ?? null} />
          </section>
          <section aria-labelledby="visitors">
            <div class="section-head">
              <h2 id="visitors">Visitors</h2>
              <Choice label="Window" name="window" options={windows} value={span} onChoose={(value) => choose('window', value)} />
            </div>
            <div class="lists">
              {lists.map(({ dimension, ...list }) => (
                <ValueList
                  key={dimension}
                  {...list}
                  isMarked={dimension === 'region'}
                  values={answer?.dimensions[dimension]}
                  rest={answer?.dimensions.rest[dimension] ?? 0}
                  total={answer?.dimensions.window.views ?? 0}
                />
              ))}
            </div>
          </section>
        </div>
      )}
    </Frame>
  )
}

function Tile({ name, span, isOpen }: { name: string; span: Span | undefined; isOpen?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Known text={span && number(span.views)} />
      </dd>
      <dd class="hint">{!span ? '\u00a0' : isOpen ? 'since the first view' : `since ${time(span.start)}`}</dd>
    </div>
  )
}

function AsOf({ answer }: { answer: Course | null }) {
  const asOf = answer?.asOf
  return (
    <dl class="status">
      <div>
        <dt>Newest view</dt>
        <dd>
          <Known text={asOf && moment(asOf.eventTime)} />
        </dd>
      </div>
      <div title="Whether a crash now would have to read some lines again">
        <dt>Durable</dt>
        <dd>
          <Known text={asOf && (asOf.durable ? 'all' : `as of ${asOf.stalenessSeconds.toFixed(1)} s ago`)} />
        </dd>
      </div>
      <div title="Views that came after their window had closed; they are counted all the same">
        <dt>Late</dt>
        <dd>
          <Known text={asOf && number(asOf.late)} />
        </dd>
      </div>
    </dl>
  )
}
