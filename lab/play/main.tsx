/** The start of the page of `ascent play`. */
import { render } from "preact";
import { PlayPage } from "./PlayPage.tsx";
import "../style/tokens.css";
import "../style/page.css";
import "../style/figure.css";
import "../style/controls.css";
import "../style/play.css";

render(<PlayPage />, document.getElementById("page")!);
