import boto3

session = boto3.session.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-west-1")
s3 = session.client("s3", endpoint_url="http://127.0.0.1:9")
print(len(session.get_available_services()), session.get_available_resources())
print(s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"}).split("?")[0])
print(sorted(session.resource("dynamodb").meta.client.meta.service_model.operation_names)[:3], s3.get_paginator("list_objects_v2").PAGE_ITERATOR_CLS.__name__)
print(session.client("ec2").meta.endpoint_url)
