FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements-setup.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-setup.lock \
 && python -m venv /opt/rostrum \
 && uv pip install --no-cache --python /opt/rostrum/bin/python --require-hashes -r requirements.lock
COPY . .
RUN ./front-end.sh \
 && uv build --wheel --no-build-isolation --offline --out-dir /dist \
 && uv pip install --no-cache --python /opt/rostrum/bin/python --no-deps --offline /dist/*.whl

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 rostrum && install -d -o rostrum /data
COPY --from=build /opt/rostrum /opt/rostrum
ENV PATH=/opt/rostrum/bin:$PATH ROSTRUM_DATA_DIR=/data PYTHONUNBUFFERED=1
USER rostrum
VOLUME /data
EXPOSE 8000
CMD ["rostrum", "serve", "--host", "0.0.0.0", "--port", "8000"]
