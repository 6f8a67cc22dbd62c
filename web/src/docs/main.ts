/** The API browser, from the same server under the same rules as the page: nothing is fetched from elsewhere. */

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";

SwaggerUI({
  dom_id: "#root",
  url: new URL("api/openapi.json", document.baseURI).href,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  // The session's cookie goes along by itself, so that "Try it out" works for whoever is signed in.
  withCredentials: true,
});
