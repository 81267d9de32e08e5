// Shows the OpenAPI document that the page names, in the place of the link to it.
const place = document.getElementById("docs");
SwaggerUIBundle({ url: place.dataset.document, domNode: place, deepLinking: true, tryItOutEnabled: false, validatorUrl: null });
