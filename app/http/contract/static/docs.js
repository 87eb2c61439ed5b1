"use strict";

const isChinese = navigator.language.toLowerCase().startsWith("zh");

// Show summaries in the reader's language, and a padlock only where a key is needed.
function forReader(document) {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path).filter((part) => part.operationId)) {
      if (isChinese) {
        operation.summary = operation["x-summary-zh"] || operation.summary;
      }
      if (operation.security.some((need) => Object.keys(need).length === 0)) {
        operation.security = [];
      }
    }
  }
  return document;
}

// A key that was entered is sent with every request, also where none is needed.
function withKey(request) {
  const key = window.ui.authSelectors.authorized().getIn(["key", "value"]);
  if (key && !request.headers.Authorization) {
    request.headers.Authorization = `Bearer ${key}`;
  }
  return request;
}

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((document) => {
    window.ui = SwaggerUIBundle({
      spec: forReader(document),
      requestInterceptor: withKey,
      dom_id: "#swagger-ui",
      deepLinking: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
      tryItOutEnabled: true,
    });
  });
