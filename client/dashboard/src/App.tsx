import { CoursePage } from './CoursePage'
import { OverviewPage } from './OverviewPage'
import { useRoute } from './route'

export function App() {
  const route = useRoute()
  return route.course === null ? <OverviewPage query={route.query} /> : <CoursePage key={route.course} course={route.course} query={route.query} />
}
