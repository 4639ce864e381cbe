import { render } from 'preact'
import { App } from './App'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/overview.css'
import './styles/course.css'

render(<App />, document.getElementById('app')!)
